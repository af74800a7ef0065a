import { Controller, Get, Header, Param, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import * as contract from '#contracts';
import { TeamId } from '../http/access.js';
import { Returns, ReturnsBytes } from '../http/returns.decorator.js';
import { TrainedVersionsService } from './trained-versions.service.js';

@ApiTags('models')
@Controller('api/v1/models/:name/versions/:version')
export class TrainedVersionsController {
  constructor(private readonly versions: TrainedVersionsService) {}

  @Get('report')
  @ApiOperation({ summary: 'What the training of a version found: metrics, curves, importances' })
  @Returns(contract.trainingReport)
  report(
    @TeamId() teamId: string,
    @Param({ schema: contract.modelVersionPath }) { name, version }: contract.ModelVersionPath,
  ): Promise<contract.TrainingReport> {
    return this.versions.getReport(teamId, name, version);
  }

  @Get('card')
  @ApiOperation({ summary: 'The card of a version: what it is for, how good it is, and where not' })
  @ReturnsBytes('text/markdown')
  @Header('X-Content-Type-Options', 'nosniff')
  async card(
    @TeamId() teamId: string,
    @Param({ schema: contract.modelVersionPath }) { name, version }: contract.ModelVersionPath,
  ): Promise<StreamableFile> {
    const content = await this.versions.card(teamId, name, version);
    return new StreamableFile(Readable.from(content.stream), {
      type: 'text/markdown; charset=utf-8',
      length: content.sizeBytes,
    });
  }

  @Get('plots/:plot')
  @ApiOperation({ summary: 'A plot of what the training of a version found, as PNG or SVG' })
  @ReturnsBytes('image/*')
  @Header('X-Content-Type-Options', 'nosniff')
  // An SVG opened on its own is a document: it may style itself and nothing else.
  @Header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
  async plot(
    @TeamId() teamId: string,
    @Param({ schema: contract.modelPlotPath }) { name, version, plot }: contract.ModelPlotPath,
  ): Promise<StreamableFile> {
    const content = await this.versions.plot(teamId, name, version, plot);
    return new StreamableFile(Readable.from(content.stream), {
      type: plot.endsWith('.png') ? 'image/png' : 'image/svg+xml',
      length: content.sizeBytes,
    });
  }
}
