/**
 * Put into a page before its own scripts: notes when a key goes down, when a websocket brings its echo, and when the terminal draws next.
 * It reads what ours and ttyd's page have in common, so neither needs a door for the bench.
 */
export interface EchoTimes {
  /** Milliseconds from the key to the message that carries its echo. */
  arrivedMs: number;
  /** ... to the first drawing after it. */
  drawnMs: number;
}

declare global {
  // A property of the page, made by the hook.
  var timeEcho: ((key: string) => Promise<EchoTimes>) | undefined;
}

export function installEchoHook(): void {
  let wanted = -1;
  let [downAt, arrivedAt] = [0, 0];
  let done: ((times: EchoTimes) => void) | undefined;

  window.addEventListener(
    'keydown',
    () => {
      if (wanted >= 0 && downAt === 0) downAt = performance.now();
    },
    true,
  );
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', ({ data }) => {
        if (downAt === 0 || arrivedAt > 0 || !(data instanceof ArrayBuffer)) return;
        if (new Uint8Array(data).includes(wanted)) arrivedAt = performance.now();
      });
    }
  };
  const context = window.WebGL2RenderingContext.prototype;
  const draw = context.drawElementsInstanced;
  context.drawElementsInstanced = function (...args) {
    draw.apply(this, args);
    if (arrivedAt === 0 || !done) return;
    const times = { arrivedMs: arrivedAt - downAt, drawnMs: performance.now() - downAt };
    wanted = -1;
    done(times);
    done = undefined;
  };
  globalThis.timeEcho = (key) =>
    new Promise((resolve) => {
      [downAt, arrivedAt] = [0, 0];
      wanted = key.charCodeAt(0);
      done = resolve;
    });
}
