import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { settingsSchema } from "../../../src/protocol/limits.ts";
import { PERSONAS_KEY, settingKeys, settingsOf } from "../../../src/views/tally-settings.ts";

const defaults = settingsSchema.parse({});

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
    contributes: { configuration: { properties: Record<string, { default: unknown; scope: string }> } };
  };
  const { properties } = manifest.contributes.configuration;
  const keys = [...Object.values(settingKeys), PERSONAS_KEY];

  it("have the gateway's defaults", () => {
    assert.deepEqual(settingsOf((key) => properties[`tally.${key}`]?.default).settings, defaults);
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
