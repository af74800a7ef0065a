import { Module } from '@nestjs/common';
import { PoliciesController } from './policies.controller.js';
import { PoliciesRepository } from './policies.repository.js';
import { PoliciesService } from './policies.service.js';
import { PolicyLearner } from './policy-learner.js';

@Module({
  controllers: [PoliciesController],
  providers: [PoliciesService, PoliciesRepository, PolicyLearner],
  exports: [PoliciesService],
})
export class PoliciesModule {}
