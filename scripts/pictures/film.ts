import { setTimeout as delay } from "node:timers/promises";
import type { Page } from "playwright-core";
import sharp from "sharp";

/** How often is looked whether something has changed on the screen, while a film follows it. */
const LOOK_EACH_MS = 250;
const FOLLOWED_AT_MOST_MS = 60_000;
/** Text stays readable, and a film of 20 seconds below 2 MB. */
const quality = 80;

interface Shot {
  readonly picture: Buffer;
  readonly shownMs: number;
}

/** Moments of a page, one after the other: an animated picture. How long each is shown does not depend on how long it took. */
export class Film {
  readonly #page: Page;
  readonly #shots: Shot[] = [];

  constructor(page: Page) {
    this.#page = page;
  }

  /** Takes the page as it is now, to be shown so long. What looks like before is shown longer instead. */
  async show(shownMs: number): Promise<void> {
    const picture = await this.#page.screenshot();
    const last = this.#shots.at(-1);
    if (last?.picture.equals(picture))
      this.#shots[this.#shots.length - 1] = { picture, shownMs: last.shownMs + shownMs };
    else this.#shots.push({ picture, shownMs });
  }

  /** Takes what changes until something has come about: each change is shown equally long, whatever it took. */
  async follow(hasCome: () => Promise<boolean>, { shownMs }: { readonly shownMs: number }): Promise<void> {
    const deadline = Date.now() + FOLLOWED_AT_MOST_MS;
    while (!(await hasCome())) {
      if (Date.now() > deadline) throw new Error("What the film waits for has not come about.");
      const picture = await this.#page.screenshot();
      if (this.#shots.at(-1)?.picture.equals(picture) !== true) this.#shots.push({ picture, shownMs });
      await delay(LOOK_EACH_MS);
    }
  }

  /** Writes it as one animated picture that begins anew at its end. */
  async develop(file: string): Promise<void> {
    const pictures = this.#shots.map(({ picture }) => picture);
    const delays = this.#shots.map(({ shownMs }) => shownMs);
    await sharp(pictures, { join: { animated: true } })
      .webp({ delay: delays, loop: 0, quality, effort: 5 })
      .toFile(file);
  }
}
