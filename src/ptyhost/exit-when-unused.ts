export interface UnusedOptions {
  readonly graceMs: number;
  readonly isUsed: () => boolean;
  readonly exit: () => void;
}

/** Calls `exit` once the host was unused for `graceMs`. The function that it returns is to be called whenever that may have changed. */
export function exitWhenUnused({ graceMs, isUsed, exit }: UnusedOptions): () => void {
  let timer: NodeJS.Timeout | null = null;
  const check = () => {
    if (isUsed()) {
      if (timer) clearTimeout(timer);
      timer = null;
    } else {
      timer ??= setTimeout(exit, graceMs);
    }
  };
  check();
  return check;
}
