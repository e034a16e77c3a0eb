import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { forecastFullAt, keptSamples, type QuotaSample } from "../../../../src/server/limits/forecast.ts";

const MINUTE_MS = 60_000;
const RESET = 300;

/** Minutes and percent, of a window that resets at a minute. */
function samples(points: readonly (readonly [minute: number, usedPercent: number])[], reset: number | null = RESET) {
  return points.map(([minute, usedPercent]) => ({
    at: minute * MINUTE_MS,
    usedPercent,
    resetsAt: reset === null ? null : reset * MINUTE_MS,
  }));
}

/** The minute at which the window is used up. */
function fullMinute(known: readonly QuotaSample[], now = (known.at(-1)?.at ?? 0) / MINUTE_MS): number | null {
  const at = forecastFullAt(known, now * MINUTE_MS);
  return at === null ? null : at / MINUTE_MS;
}

describe("the forecast of a quota window", () => {
  it("is where a steady pace leads", () => {
    assert.equal(
      fullMinute(
        samples([
          [100, 50],
          [110, 60],
          [120, 70],
        ]),
      ),
      150,
    );
  });

  it("evens out a pace that is not steady", () => {
    assert.equal(
      fullMinute(
        samples([
          [100, 50],
          [105, 60],
          [115, 60],
          [120, 70],
        ]),
      ),
      120 + 30 / 0.8,
    );
  });

  it("goes by the last hour", () => {
    assert.equal(
      fullMinute(
        samples([
          [0, 0],
          [1, 40],
          [100, 50],
          [110, 60],
          [120, 70],
        ]),
      ),
      150,
    );
  });

  it("begins anew with every window", () => {
    const earlier = samples(
      [
        [60, 70],
        [70, 80],
        [80, 99],
      ],
      90,
    );
    assert.equal(
      fullMinute([
        ...earlier,
        ...samples([
          [100, 5],
          [110, 15],
          [120, 25],
        ]),
      ]),
      195,
    );
    assert.equal(
      fullMinute([
        ...earlier,
        ...samples([
          [100, 5],
          [105, 15],
        ]),
      ]),
      null,
    );
  });

  it("begins anew where less is used than before, when no reset is known", () => {
    const known = samples(
      [
        [80, 70],
        [90, 90],
        [100, 5],
        [110, 15],
        [120, 25],
      ],
      null,
    );
    assert.equal(fullMinute(known), 195);
    assert.equal(fullMinute(known.slice(0, -1)), null);
  });

  it("passes over what another session heard longer ago", () => {
    assert.equal(
      fullMinute(
        samples([
          [100, 50],
          [110, 60],
          [111, 40],
          [120, 70],
        ]),
      ),
      150,
    );
  });

  it("takes resets that differ by seconds for one", () => {
    const known = samples([
      [100, 50],
      [110, 60],
      [120, 70],
    ]);
    assert.equal(
      fullMinute(known.map((sample, index) => ({ ...sample, resetsAt: sample.resetsAt! + index * 1_000 }))),
      150,
    );
  });

  const none: readonly [why: string, known: readonly QuotaSample[], now?: number][] = [
    ["nothing is known", [], 0],
    [
      "two samples are known",
      samples([
        [100, 50],
        [120, 70],
      ]),
    ],
    [
      "they are of less than ten minutes",
      samples([
        [100, 50],
        [104, 60],
        [109, 70],
      ]),
    ],
    [
      "nothing more is used",
      samples([
        [100, 50],
        [110, 50],
        [120, 50],
      ]),
    ],
    [
      "it is used up",
      samples([
        [100, 80],
        [110, 90],
        [120, 100],
      ]),
    ],
    [
      "it resets before",
      samples([
        [100, 10],
        [110, 11],
        [120, 12],
      ]),
    ],
    [
      "it resets at that moment",
      samples(
        [
          [100, 50],
          [110, 60],
          [120, 70],
        ],
        150,
      ),
    ],
    [
      "it is too far ahead",
      samples(
        [
          [100, 1],
          [110, 2],
          [120, 3],
        ],
        20_000,
      ),
    ],
    [
      "the pace has not held",
      samples([
        [100, 50],
        [110, 60],
        [120, 70],
      ]),
      151,
    ],
    [
      "the last hour is not known",
      samples([
        [100, 50],
        [110, 50.1],
        [120, 50.2],
      ]),
      181,
    ],
  ];
  for (const [why, known, now] of none) {
    it(`is none when ${why}`, () => assert.equal(fullMinute(known, now), null));
  }
});

describe("the samples that are kept", () => {
  const keepAll = (all: readonly QuotaSample[]) => all.reduce<readonly QuotaSample[]>(keptSamples, []);
  const minutes = (kept: readonly QuotaSample[]) => kept.map(({ at }) => at / MINUTE_MS);

  it("are the newest, and those before it a minute apart", () => {
    assert.deepEqual(
      minutes(
        keepAll(
          samples([
            [1, 1],
            [1.3, 2],
            [1.6, 3],
            [2.1, 4],
            [2.2, 5],
          ]),
        ),
      ),
      [1, 2.1, 2.2],
    );
  });

  it("are those of the last hour", () => {
    assert.deepEqual(
      minutes(
        keepAll(
          samples([
            [1, 1],
            [30, 2],
            [70, 3],
          ]),
        ),
      ),
      [30, 70],
    );
  });

  it("are only the new one once the window has reset", () => {
    assert.deepEqual(
      minutes(
        keepAll([
          ...samples(
            [
              [1, 1],
              [20, 2],
            ],
            25,
          ),
          ...samples([[30, 3]], 325),
        ]),
      ),
      [30],
    );
  });

  it("are the same array when the new one tells nothing", () => {
    const known = samples([
      [1, 1],
      [20, 20],
    ]);
    for (const [old] of [samples([[20, 20]]), samples([[5, 3]]), samples([[21, 19]])]) {
      assert.equal(keptSamples(known, old!), known);
    }
  });

  const anySample = fc.record({
    at: fc.integer({ min: 0, max: 10 * 60 * MINUTE_MS }),
    usedPercent: fc.double({ min: 0, max: 120, noNaN: true }),
    resetsAt: fc.option(fc.constantFrom(0, 5 * 60 * MINUTE_MS, 10 * 60 * MINUTE_MS)),
  });

  it("are few, in order, of one window, and of one hour, whatever is told", () => {
    fc.assert(
      fc.property(fc.array(anySample, { maxLength: 300 }), fc.boolean(), (all, inOrder) => {
        const kept = keepAll(inOrder ? all.toSorted((a, b) => a.at - b.at) : all);
        const first = kept[0];
        const last = kept.at(-1);
        const pairs = kept.slice(1).map((sample, index) => [kept[index]!, sample] as const);
        return (
          kept.length <= 60 &&
          pairs.slice(0, -1).every(([a, b]) => b.at - a.at >= MINUTE_MS) &&
          pairs.every(([a, b]) => a.at < b.at && a.usedPercent <= b.usedPercent && a.resetsAt === b.resetsAt) &&
          (!first || !last || last.at - first.at < 60 * MINUTE_MS)
        );
      }),
    );
  });

  it("never give a forecast that is past, or after the reset", () => {
    fc.assert(
      fc.property(
        fc.array(anySample, { maxLength: 100 }),
        fc.integer({ min: 0, max: 11 * 60 * MINUTE_MS }),
        (all, now) => {
          const kept = keepAll(all.toSorted((a, b) => a.at - b.at));
          const at = forecastFullAt(kept, now);
          return at === null || (at > now && at < (kept.at(-1)?.resetsAt ?? Infinity));
        },
      ),
    );
  });

  it("give the forecast of a steady pace, however often it is told", () => {
    const pace = fc.double({ min: 0.3, max: 1.4, noNaN: true });
    const gaps = fc.array(fc.integer({ min: 1_000, max: 5 * MINUTE_MS }), { minLength: 60, maxLength: 200 });
    fc.assert(
      fc.property(pace, gaps, (percentPerMinute, between) => {
        let at = 0;
        const told: QuotaSample[] = [];
        for (const gap of between) {
          at += gap;
          const usedPercent = (at / MINUTE_MS) * percentPerMinute;
          if (usedPercent < 99) told.push({ at, usedPercent, resetsAt: null });
        }
        const last = told.at(-1);
        fc.pre(last !== undefined && last.at > 12 * MINUTE_MS);
        const full = forecastFullAt(keepAll(told), last.at);
        return full !== null && Math.abs(full - (100 / percentPerMinute) * MINUTE_MS) < 1_000;
      }),
    );
  });
});
