import { access, constants, readdir, rename, stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Session } from "../../protocol/entities.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";
import { messageOf } from "../../protocol/message-of.ts";
import type { DoctorPlace } from "./place.ts";

const NAME = "hooks";
/** Every hook is one line for it. */
const SHELL = "/bin/sh";
/** A gateway that runs takes a report within seconds, also where the system gives it no watch. */
const NOT_TAKEN_AFTER_MS = 60_000;

/** Whether what agents' hooks report arrives: it is how Tally knows their state. */
export async function checkHooks({ home }: Pick<DoctorPlace, "home">, sessions: readonly Session[]): Promise<Finding> {
  if (process.platform !== "win32" && !(await isExecutable(SHELL))) {
    return problem(NAME, `${SHELL} cannot be run, which every hook is a line for`, "Install a shell there.");
  }
  try {
    await tryOut(home.spool);
    const left = await leftIn(home.spool, Date.now());
    return hookFinding({ ...left, silent: sessions.filter(isSilent).map(({ title }) => title) });
  } catch (error) {
    return problem(
      NAME,
      `nothing can be handed over in ${home.spool}: ${messageOf(error)}`,
      "Without it states come late, or are unknown. Make the folder yours to write to, and restart the gateway.",
      "restartGateway",
    );
  }
}

export interface HookFacts {
  /** Reports that the gateway should have taken by now. */
  readonly untaken: number;
  /** What it could make nothing of, of late. */
  readonly rejected: number;
  /** Titles of sessions whose agent should report and does not. */
  readonly silent: readonly string[];
}

export function hookFinding({ untaken, rejected, silent }: HookFacts): Finding {
  if (untaken > 0) {
    const text = `${count(untaken, "report")} of agents' hooks not taken by the gateway`;
    return problem(NAME, text, "Restart the gateway: it takes them when it starts.", "restartGateway");
  }
  if (silent.length > 0) {
    const names = silent.map((title) => `"${title}"`).join(", ");
    const remedy = "Its state is guessed meanwhile. What each source last said: tally show <id> --why";
    return warning(NAME, `no report from the agent of ${names}`, remedy);
  }
  if (rejected > 0) {
    const remedy = "They are kept in spool/rejected, of the last 20. Another program may write there.";
    return warning(NAME, `${count(rejected, "report")} in the spool could not be read`, remedy);
  }
  return ok(NAME, "reports arrive");
}

const isSilent = ({ endedAt, reason }: Session): boolean => endedAt === null && reason.isUnknown;

/** Does what a hook does: writes a file that nobody reads yet, and renames it. Both names are hidden, so it is never taken for a report. */
async function tryOut(spool: string): Promise<void> {
  const temporary = join(spool, `.doctor-${process.pid}.tmp`);
  const renamed = join(spool, `.doctor-${process.pid}.tried.tmp`);
  await writeFile(temporary, "", { mode: 0o600 });
  await rename(temporary, renamed);
  await unlink(renamed);
}

async function leftIn(spool: string, now: number): Promise<Pick<HookFacts, "untaken" | "rejected">> {
  const reports = (await readdir(spool)).filter((name) => name.endsWith(".json") && !name.startsWith("."));
  const ages = await Promise.all(reports.map((name) => ageMs(join(spool, name), now)));
  const rejected = await readdir(join(spool, "rejected")).catch(() => []);
  return { untaken: ages.filter((age) => age > NOT_TAKEN_AFTER_MS).length, rejected: rejected.length };
}

/** Of one that is taken meanwhile: none. */
async function ageMs(file: string, now: number): Promise<number> {
  const found = await stat(file).catch(() => null);
  return found ? now - found.mtimeMs : 0;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}
