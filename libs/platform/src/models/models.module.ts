import { Module } from '@nestjs/common';
import { ModelsStore } from './models-store.js';

@Module({ providers: [ModelsStore], exports: [ModelsStore] })
export class ModelsModule {}
