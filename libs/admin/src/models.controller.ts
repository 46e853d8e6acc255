import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Needs } from './access/needs.js';
import { AdminServices } from './admin-services.js';

export class ModelNames {
  @ApiProperty({ type: [String] })
  models!: readonly string[];
}

/** What a token can be limited to. */
@Controller('api/models')
@ApiTags('models')
export class ModelsController {
  constructor(private readonly services: AdminServices) {}

  @Get()
  @Needs('models:read')
  @ApiOperation({ summary: 'The names of the models, as far as this process knows them' })
  @ApiOkResponse({ type: ModelNames })
  list(): ModelNames {
    return { models: this.services.models() };
  }
}
