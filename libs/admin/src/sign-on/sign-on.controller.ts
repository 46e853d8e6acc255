import { Controller, Get, Logger, Optional, Req, Res } from '@nestjs/common';
import { ApiFoundResponse, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SIGN_ON_MS_MAX } from '#auth';
import { DomainError } from '#core';
import { clientAddressOf } from '../access/caller.js';
import { Cookies } from '../access/cookies.js';
import { Needs } from '../access/needs.js';
import { PublicAddress } from '../access/public-address.js';
import { OfferedSignOn } from '../services/admin-services.js';
import { domainErrorOf } from '../http/http-failure.js';
import { SessionStarter } from '../session/session-starter.js';

const logger = new Logger('Admin');

export class SignOnState {
  @ApiProperty()
  enabled!: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'What to call the provider' })
  name!: string | null;
}

/** Single sign-on by OpenID Connect. Failures lead back to the log-in page, since a browser and no program is here. */
@Controller('api/oidc')
@ApiTags('single sign-on')
export class SignOnController {
  constructor(
    private readonly starter: SessionStarter,
    private readonly cookies: Cookies,
    private readonly address: PublicAddress,
    @Optional() private readonly signOn?: OfferedSignOn,
  ) {}

  @Get()
  @Needs('nothing')
  @ApiOperation({ summary: 'Whether single sign-on is offered' })
  @ApiOkResponse({ type: SignOnState })
  state(): SignOnState {
    return { enabled: this.signOn !== undefined, name: this.signOn?.name ?? null };
  }

  @Get('start')
  @Needs('nothing')
  @ApiOperation({ summary: 'Go to the provider' })
  @ApiFoundResponse({ description: 'To the provider, or back to the log-in page with the reason' })
  async start(@Req() req: FastifyRequest, @Res() res: FastifyReply): Promise<void> {
    await this.orBackToLogIn(res, async () => {
      const { url, kept } = await this.offered().service.start(this.address.of(req, '/api/oidc/callback'));
      this.cookies.set(res, 'sign-on', kept, SIGN_ON_MS_MAX);
      return url;
    });
  }

  @Get('callback')
  @Needs('nothing')
  @ApiOperation({ summary: 'Come back from the provider' })
  @ApiFoundResponse({ description: 'To the console, logged in, or back to the log-in page with the reason' })
  async finish(@Req() req: FastifyRequest, @Res() res: FastifyReply): Promise<void> {
    await this.orBackToLogIn(res, async () => {
      const kept = this.cookies.read(req, 'sign-on');
      this.cookies.clear(res, 'sign-on');
      const { searchParams } = new URL(req.url, 'http://localhost');
      const account = await this.offered().service.finish(searchParams, kept, { from: clientAddressOf(req) });
      await this.starter.begin(account, req, res);
      return '/';
    });
  }

  private offered(): OfferedSignOn {
    if (this.signOn !== undefined) return this.signOn;
    throw new DomainError('not_found', 'Single sign-on is not set up here.');
  }

  /** The page gets the code of a failure only, so that nobody can make it say something by a link. */
  private async orBackToLogIn(res: FastifyReply, work: () => Promise<string>): Promise<void> {
    const target = await work().catch((err: unknown) => {
      const { code, internal, message } = domainErrorOf(err);
      logger.warn(`Single sign-on failed with ${code}: ${internal ?? message}`);
      return `/login#problem=${code}`;
    });
    await res.redirect(target, 302);
  }
}
