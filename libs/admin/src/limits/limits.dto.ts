import { ApiProperty } from '@nestjs/swagger';
import { USAGE_LIMIT_NAMES, type UsageLimitName } from '#core';

export class LimitStandingView {
  @ApiProperty({ enum: USAGE_LIMIT_NAMES })
  name!: UsageLimitName;

  @ApiProperty({ type: 'integer' })
  limit!: number;

  @ApiProperty({
    type: 'integer',
    description: 'What processes have taken of it, in parts: use is never more, and may be a little less',
  })
  taken!: number;

  @ApiProperty({ type: 'integer' })
  remaining!: number;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'When the whole limit is there again, in milliseconds since 1970; null for items in flight',
  })
  resetsAtMs!: number | null;
}

export class ServiceLimitView {
  @ApiProperty({ enum: USAGE_LIMIT_NAMES })
  name!: UsageLimitName;

  @ApiProperty({ description: 'The setting that gives it, read at the start of a process' })
  setting!: string;

  @ApiProperty({ type: LimitStandingView, nullable: true, description: 'null = no such limit' })
  standing!: LimitStandingView | null;
}

export class TokenLimitsView {
  @ApiProperty()
  tokenId!: string;

  @ApiProperty()
  tokenName!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Id of the account; null for one made on the host' })
  ownerId!: string | null;

  @ApiProperty({ type: [LimitStandingView], description: 'Empty where only the limits of the service refused it' })
  limits!: LimitStandingView[];

  @ApiProperty({
    type: 'integer',
    description: 'Requests that limits turned away since the hour before this one began',
  })
  refusedHour!: number;

  @ApiProperty({ type: 'integer', description: 'The same of the last 24 hours' })
  refusedDay!: number;
}

export class TokenWaitView {
  @ApiProperty({ type: String, nullable: true, description: 'null = all others together, for a member' })
  tokenId!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'null where no living token has this id' })
  tokenName!: string | null;

  @ApiProperty({ type: 'integer', description: 'Items that wait now, in all pods' })
  items!: number;

  @ApiProperty({ type: 'integer', description: 'Requests that wait now' })
  requests!: number;

  @ApiProperty({ description: 'How long the oldest of them has waited, in milliseconds' })
  oldestAgeMs!: number;

  @ApiProperty({ description: 'The longest wait that was seen in `minutes`, in milliseconds' })
  longestMs!: number;

  @ApiProperty({
    ...{ type: 'array', items: { type: 'number', nullable: true } },
    description: 'The longest wait that was seen in each of `minutes`; null where nothing waited',
  })
  byMinuteMs!: (number | null)[];
}

export class WaitsView {
  @ApiProperty({
    type: [Number],
    description: 'Starts of the last 15 minutes at most, in milliseconds since 1970; the oldest first',
  })
  minutes!: number[];

  @ApiProperty({ type: [TokenWaitView], description: 'Those with the longest wait first, at most 100' })
  tokens!: TokenWaitView[];

  @ApiProperty({ type: [String], description: 'Pods that serve and do not answer: their queues are not known' })
  silentPods!: string[];
}

export class LimitsAnswer {
  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  atMs!: number;

  @ApiProperty({ type: [ServiceLimitView], description: 'Of all tokens together' })
  service!: ServiceLimitView[];

  @ApiProperty({
    type: [TokenLimitsView],
    description:
      'Tokens with limits, and those that were refused in the last 24 hours; the tightest first, at most 500',
  })
  tokens!: TokenLimitsView[];

  @ApiProperty({
    type: WaitsView,
    description: 'How long requests waited in the queues; pods look every two seconds, so shorter waits may be missed',
  })
  waits!: WaitsView;

  @ApiProperty({ type: 'integer', description: 'How many more there are' })
  more!: number;

  @ApiProperty({ type: 'integer', description: 'Living tokens without any limit of their own' })
  unlimited!: number;
}
