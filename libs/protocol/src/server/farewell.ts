import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { ProtocolServices } from '../request/protocol-services.js';

/** Tells open streams that the server is about to go; Nest calls this before it closes anything. */
@Injectable()
export class Farewell implements OnModuleDestroy {
  constructor(private readonly services: ProtocolServices) {}

  onModuleDestroy(): void {
    this.services.activity.beginStop();
  }
}
