import { type DynamicModule, Module } from '@nestjs/common';
import { Farewell } from './server/farewell.js';
import { ClipController } from './grpc/clip.controller.js';
import { JinaController } from './grpc/jina.controller.js';
import { DocumentsController } from './http/documents.controller.js';
import { EmbeddingsController } from './http/embeddings.controller.js';
import { InfoController } from './http/info.controller.js';
import { ModelsController } from './http/models.controller.js';
import { RankController } from './http/rank.controller.js';
import { ProtocolServices } from './request/protocol-services.js';
import { DocumentsGateway } from './websocket/documents.gateway.js';
import { DryRunGateway } from './websocket/dry-run.gateway.js';

/** Every controller of the three protocols over one set of use cases. */
@Module({})
export class ProtocolModule {
  static over(services: ProtocolServices): DynamicModule {
    return {
      module: ProtocolModule,
      controllers: [
        JinaController,
        ClipController,
        InfoController,
        DocumentsController,
        EmbeddingsController,
        RankController,
        ModelsController,
      ],
      providers: [{ provide: ProtocolServices, useValue: services }, DocumentsGateway, DryRunGateway, Farewell],
    };
  }
}
