import { DomainError } from '#core';

/** One place of a body that is not as it should be, in the form that FastAPI tells it. */
export interface ShapeProblem {
  /** The way to the place, e.g. `['body', 'data', 0, 'text']`. */
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  /** pydantic's name of the problem, e.g. `type_error.list`. */
  readonly type: string;
}

/**
 * A JSON request of a wrong shape: `invalid_argument`, and over HTTP a 422 whose body is `{"detail": detail}`, which is
 * what the Python server answers.
 */
export class RequestShapeError extends DomainError {
  readonly detail: readonly ShapeProblem[];

  constructor(problem: ShapeProblem) {
    super('invalid_argument', `${problem.loc.join('.')}: ${problem.msg}`);
    this.detail = [problem];
  }

  /** For a body that is not JSON at all; `reason` is the parser's own text, which quotes only the body. */
  static invalidJson(reason: string): RequestShapeError {
    return new RequestShapeError({ loc: ['body'], msg: `JSON decode error: ${reason}`, type: 'json_invalid' });
  }
}
