import { type DynamicModule, Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import { DocumentService, EncodeService, ExplainService, RankService } from '#serving';
import { ByteBudget } from './budget/index.js';
import { ClipController } from './grpc/clip.controller.js';
import { JinaController } from './grpc/jina.controller.js';
import { DocumentsController } from './http/documents.controller.js';
import { EmbeddingsController } from './http/embeddings.controller.js';
import { ExplainController } from './http/explain.controller.js';
import { InfoController } from './http/info.controller.js';
import { ModelsController } from './http/models.controller.js';
import { RankController } from './http/rank.controller.js';
import { Activity } from './request/activity.js';
import { FirstByteTimer } from './request/first-byte.js';
import { RequestPipeline } from './request/pipeline.js';
import { CLOCK, MODELS, ProtocolLimits, type ProtocolParts } from './request/protocol-parts.js';
import { ServiceState } from './request/server-info.js';
import { DocumentsGateway } from './websocket/documents.gateway.js';
import { DryRunGateway } from './websocket/dry-run.gateway.js';

/** Notifies open streams of the shutdown; Nest calls this before it closes anything. */
@Injectable()
class ShutdownNotice implements OnModuleDestroy {
  constructor(private readonly activity: Activity) {}

  onModuleDestroy(): void {
    this.activity.beginStop();
  }
}

/** Every controller of the three protocols over one set of use cases. */
@Module({})
export class ProtocolModule {
  /** Each part under its own class or token, for the controllers that use it. */
  static forRoot(parts: ProtocolParts): DynamicModule {
    return {
      module: ProtocolModule,
      controllers: [
        JinaController,
        ClipController,
        InfoController,
        DocumentsController,
        EmbeddingsController,
        RankController,
        ExplainController,
        ModelsController,
      ],
      providers: [
        { provide: RequestPipeline, useValue: parts.pipeline },
        { provide: DocumentService, useValue: parts.documents },
        { provide: EncodeService, useValue: parts.encode },
        { provide: RankService, useValue: parts.rank },
        { provide: ExplainService, useValue: parts.explain },
        { provide: FirstByteTimer, useValue: parts.firstBytes },
        { provide: Activity, useValue: parts.activity },
        { provide: ByteBudget, useValue: parts.budget },
        { provide: ProtocolLimits, useValue: parts.limits },
        { provide: ServiceState, useValue: parts.state },
        { provide: MODELS, useValue: parts.registry },
        { provide: CLOCK, useValue: parts.clock },
        DocumentsGateway,
        DryRunGateway,
        ShutdownNotice,
      ],
    };
  }
}
