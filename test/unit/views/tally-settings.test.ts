import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { settingsSchema } from "../../../src/protocol/limits.ts";
import { PERSONAS_KEY, settingKeys, settingsOf } from "../../../src/views/tally-settings.ts";

const defaults = settingsSchema.parse({});

interface ContributedSetting {
  readonly default: unknown;
  readonly scope: string;
  readonly markdownDescription: string;
}

describe("what the person has set", () => {
  it("is the defaults where nothing is", () => {
    assert.deepEqual(
      settingsOf(() => undefined),
      { settings: defaults, problems: [] },
    );
  });

  it("takes an empty box for nothing", () => {
    assert.deepEqual(read({ "limits.quietHours": "" }), { settings: defaults, problems: [] });
  });

  it("is taken over", () => {
    const { settings } = read({
      "limits.block": "warn",
      "limits.quietHours": "22:00-07:00",
      "limits.warnAtPercent": 0,
    });
    assert.deepEqual(settings, { ...defaults, block: "warn", quietHours: "22:00-07:00", warnAtPercent: 0 });
  });

  it("counts without what is not valid, and that is told", () => {
    const { settings, problems } = read({ "limits.block": "maybe", "limits.maxConcurrentResumes": 2 });
    assert.deepEqual(settings, { ...defaults, maxConcurrentResumes: 2 });
    assert.deepEqual(
      problems.map(({ key }) => key),
      ["tally.limits.block"],
    );
  });

  it("keeps the personas beside one that is wrong", () => {
    const work = { name: "work", agent: "claude", configHome: "~/.claude-work" };
    const { settings, problems } = read({ personas: [work, { name: "no agent" }, work] });
    assert.deepEqual(settings.personas, [{ ...work, args: [], env: {} }]);
    assert.deepEqual(
      problems.map(({ text }) => text.split(":")[0]),
      ["entry 2", "entry 3"],
    );
  });

  it("does not fail over personas that are no list", () => {
    assert.deepEqual(read({ personas: "work" }).settings.personas, []);
  });
});

describe("the settings that package.json contributes", () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
    contributes: { configuration: { title: string; properties: Record<string, ContributedSetting> }[] };
  };
  const groups = manifest.contributes.configuration;
  const properties: Record<string, ContributedSetting> = Object.assign(
    {},
    ...groups.map((group) => group.properties),
  ) as Record<string, ContributedSetting>;
  const keys = [...Object.values(settingKeys), PERSONAS_KEY];

  it("have the gateway's defaults", () => {
    assert.deepEqual(settingsOf((key) => properties[`tally.${key}`]?.default).settings, defaults);
  });

  it("of what the gateway does are all told to it", () => {
    const ofGateway = Object.keys(properties).filter((key) =>
      /^tally\.(limits|worktrees|tasks|history|personas)\b/.test(key),
    );
    assert.deepEqual(ofGateway.sort(), keys.map((key) => `tally.${key}`).sort());
  });

  it("each say what they do, in a group with a title", () => {
    for (const { title, properties: ofGroup } of groups) {
      assert.match(title, /^[A-Z][a-z]+$/);
      for (const [key, { markdownDescription }] of Object.entries(ofGroup)) assert.ok(markdownDescription, key);
    }
  });

  it("only name settings that there are", () => {
    const texts = Object.values(properties).map(({ markdownDescription }) => markdownDescription);
    const named = texts.flatMap((text) => [...text.matchAll(/#([a-zA-Z.]+)#/g)].map(([, key = ""]) => key));
    assert.deepEqual(
      named.filter((key) => properties[key] === undefined),
      [],
    );
  });

  it("are none that a workspace could set", () => {
    assert.deepEqual(
      keys.filter((key) => properties[`tally.${key}`]?.scope !== "application"),
      [],
    );
  });
});

function read(values: Record<string, unknown>) {
  return settingsOf((key) => values[key]);
}
