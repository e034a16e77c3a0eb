import assert from "node:assert/strict";
import { wrapperRoutes } from "../../../src/protocol/wrapper-api.ts";

describe("what wrappers send", () => {
  const register = (fields: object) =>
    wrapperRoutes.wrapperRegister.body.safeParse({ sessionId: "w", workingDir: "/shop", pid: 7, ...fields });

  /** The same moment, as different programs write it. */
  const times: [by: string, time: unknown][] = [
    ["JavaScript's Date", "2026-11-21T08:30:00.000Z"],
    ["date -Iseconds", "2026-11-21T09:30:00+01:00"],
    ["Python's isoformat", "2026-11-21T08:30:00.000000+00:00"],
    ["Date.now()", 1_795_249_800_000],
    ["date +%s", 1_795_249_800],
    ["Python's time.time()", 1_795_249_800.0001],
  ];
  for (const [by, startTime] of times) {
    it(`is a time by ${by}`, () => {
      assert.equal(register({ startTime }).data?.startTime, Date.parse("2026-11-21T08:30:00Z"));
    });
  }

  it("is a local time where it names no offset", () => {
    const startTime = "2026-11-21T08:30:00.123456";
    assert.equal(register({ startTime }).data?.startTime, new Date(2026, 10, 21, 8, 30, 0, 123).getTime());
  });

  it("is no time where nobody could say which", () => {
    for (const startTime of ["now", "", "1732180000", -1, true, {}]) {
      assert.match(
        register({ startTime }).error?.issues[0]?.message ?? "",
        /must be a time/,
        JSON.stringify(startTime),
      );
    }
  });

  it("is a folder by its absolute path, or the one that the process is in", () => {
    for (const workingDir of ["/shop", "."]) assert.ok(register({ workingDir }).success, workingDir);
    for (const workingDir of ["", "shop", "./shop", "..", "~/shop"]) {
      assert.ok(!register({ workingDir }).success, workingDir);
    }
  });

  it("may hold more than we know", () => {
    assert.deepEqual(register({ hostname: "h", user: { name: "n" } }).data, {
      sessionId: "w",
      workingDir: "/shop",
      pid: 7,
    });
  });
});
