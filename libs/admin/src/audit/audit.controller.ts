import { Controller, Get } from '@nestjs/common';
import { Needs } from '../access/needs.js';

@Controller('api/audit')
export class AuditController {
  @Get()
  @Needs('audit:read')
  list(): object {
    return {};
  }
}
