/** `warning`: it works, but not all of it, or not as one would expect. */
export type FindingLevel = "ok" | "warning" | "problem";

/** What can be done about a finding right away, by a command of the editor. */
export type Fix =
  "installCli" | "manageTrust" | "openFolder" | "openSettings" | "restartGateway" | "showGatewayLog" | "showLimits";

/** What Doctor says of one thing. */
export interface Finding {
  readonly name: string;
  readonly level: FindingLevel;
  readonly text: string;
  /** What to do about it, or what follows from it. */
  readonly remedy: string | null;
  readonly fix: Fix | null;
}

export function ok(name: string, text: string, remedy: string | null = null, fix: Fix | null = null): Finding {
  return { name, level: "ok", text, remedy, fix };
}

export function warning(name: string, text: string, remedy: string, fix: Fix | null = null): Finding {
  return { name, level: "warning", text, remedy, fix };
}

export function problem(name: string, text: string, remedy: string, fix: Fix | null = null): Finding {
  return { name, level: "problem", text, remedy, fix };
}
