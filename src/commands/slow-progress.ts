import { showProgress } from "../views/messages.ts";

/** What takes less than this is not announced. */
const SLOW_MS = 1_000;

/** Waits for `work`, and shows that it goes on once it takes longer than a person waits without wondering. */
export async function withSlowProgress<T>(title: string, work: Promise<T>): Promise<T> {
  const timer = setTimeout(() => {
    // The caller gets the failure; here only its end matters.
    const ended = work.then(
      () => undefined,
      () => undefined,
    );
    void showProgress({ title: `Tally: ${title}` }, () => ended);
  }, SLOW_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
