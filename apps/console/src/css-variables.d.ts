import 'react';

declare module 'react' {
  interface CSSProperties {
    /** The style prop may set variables, which style sheets then use. */
    [variable: `--${string}`]: string | number | undefined;
  }
}
