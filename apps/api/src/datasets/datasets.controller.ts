import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import * as contract from '#contracts';
import { Roles, TeamId } from '../http/access.js';
import { Returns, ReturnsNothing } from '../http/returns.decorator.js';
import { DatasetsService } from './datasets.service.js';

@ApiTags('datasets')
@Controller('api/v1')
export class DatasetsController {
  constructor(private readonly datasets: DatasetsService) {}

  @Get('datasets')
  @ApiOperation({ summary: 'Datasets of the team, the newest first' })
  @Returns(contract.datasets)
  list(
    @TeamId() teamId: string,
    @Query({ schema: contract.listDatasets }) query: contract.ListDatasets,
  ) {
    return this.datasets.list(teamId, query);
  }

  @Get('datasets/:id')
  @ApiOperation({ summary: 'A dataset with its files' })
  @Returns(contract.datasetDetail)
  get(
    @TeamId() teamId: string,
    @Param({ schema: contract.anId }) { id }: contract.AnId,
  ): Promise<contract.DatasetDetail> {
    return this.datasets.get(teamId, id);
  }

  @Delete('datasets/:id')
  @Roles('owner', 'member')
  @ApiOperation({ summary: 'Delete a dataset and its files; what was found in it stays' })
  @ReturnsNothing()
  delete(
    @TeamId() teamId: string,
    @Param({ schema: contract.anId }) { id }: contract.AnId,
  ): Promise<void> {
    return this.datasets.delete(teamId, id);
  }

  @Get('validation/:dataset_id/status')
  @ApiOperation({ summary: 'What the validation has said so far, and of each file' })
  @Returns(contract.validationStatus)
  validation(
    @TeamId() teamId: string,
    @Param({ schema: contract.datasetId }) { datasetId }: contract.DatasetId,
  ): Promise<contract.ValidationStatus> {
    return this.datasets.validation(teamId, datasetId);
  }

  @Get('storage')
  @ApiOperation({ summary: 'How much the team stores, and may store' })
  @Returns(contract.storageUsage)
  storage(@TeamId() teamId: string): Promise<contract.StorageUsage> {
    return this.datasets.usage(teamId);
  }
}
