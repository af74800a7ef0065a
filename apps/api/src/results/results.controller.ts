import { Controller, Get, Header, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import * as contract from '#contracts';
import { TeamId } from '../http/access.js';
import { Returns, ReturnsBytes } from '../http/returns.decorator.js';
import { csvHeader, csvRow } from './candidates-csv.js';
import { ResultsService } from './results.service.js';

@ApiTags('results')
@Controller('api/v1')
export class ResultsController {
  constructor(private readonly results: ResultsService) {}

  @Get('results/:job_id')
  @ApiOperation({ summary: 'What a search has found; while it runs, what there is so far' })
  @Returns(contract.results)
  get(
    @TeamId() teamId: string,
    @Param({ schema: contract.jobId }) { jobId }: contract.JobId,
    @Query({ schema: contract.chooseResults }) choice: contract.ChooseResults,
  ): Promise<contract.Results> {
    return this.results.get(teamId, jobId, choice);
  }

  @Get('results/:job_id/candidates.csv')
  @ApiOperation({ summary: 'All candidates of a search as a table' })
  @ReturnsBytes('text/csv')
  async export(
    @TeamId() teamId: string,
    @Param({ schema: contract.jobId }) { jobId }: contract.JobId,
  ): Promise<StreamableFile> {
    const rows = await this.results.export(teamId, jobId);
    return new StreamableFile(Readable.from(csvOf(rows)), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="candidates-${jobId}.csv"`,
    });
  }

  @Get('candidates')
  @ApiOperation({ summary: 'Candidates of all searches, the newest first: what is to be reviewed' })
  @Returns(contract.candidates)
  listCandidates(
    @TeamId() teamId: string,
    @Query({ schema: contract.listCandidates }) query: contract.ListCandidates,
  ) {
    return this.results.listCandidates(teamId, query);
  }

  @Get('candidates/:candidate_id')
  @ApiOperation({ summary: 'A candidate with all that is known of it' })
  @Returns(contract.candidateDetail)
  getCandidate(
    @TeamId() teamId: string,
    @Param({ schema: contract.candidateId }) { candidateId }: contract.CandidateId,
  ): Promise<contract.CandidateDetail> {
    return this.results.getCandidate(teamId, candidateId);
  }

  @Get('report/:job_id')
  @ApiOperation({ summary: 'The report of a search, or the page of one target' })
  @ReturnsBytes('application/pdf')
  async report(
    @TeamId() teamId: string,
    @Param({ schema: contract.jobId }) { jobId }: contract.JobId,
    @Query({ schema: contract.chooseReport }) { target }: contract.ChooseReport,
  ): Promise<StreamableFile> {
    const content = await this.results.report(teamId, jobId, target);
    return new StreamableFile(Readable.from(content.stream), {
      type: 'application/pdf',
      length: content.sizeBytes,
      disposition: `inline; filename="lightfold-${jobId}.pdf"`,
    });
  }

  @Get('plots/:candidate_id/:file')
  @ApiOperation({ summary: 'A plot of a candidate, as PNG or SVG' })
  @ReturnsBytes('image/*')
  // Never changes: a search that runs again makes other candidates.
  @Header('Cache-Control', 'private, max-age=31536000, immutable')
  @Header('X-Content-Type-Options', 'nosniff')
  // An SVG opened on its own is a document: it may style itself and nothing else.
  @Header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
  async plot(
    @TeamId() teamId: string,
    @Param({ schema: contract.plotFile }) { candidateId, file }: contract.PlotFile,
  ): Promise<StreamableFile> {
    const [name, extension] = file.split('.') as [contract.PlotName, 'png' | 'svg'];
    const content = await this.results.plot(teamId, candidateId, name, extension);
    return new StreamableFile(Readable.from(content.stream), {
      type: extension === 'png' ? 'image/png' : 'image/svg+xml',
      length: content.sizeBytes,
    });
  }
}

async function* csvOf(candidates: AsyncIterable<contract.Candidate>) {
  yield csvHeader();
  for await (const candidate of candidates) yield csvRow(candidate);
}
