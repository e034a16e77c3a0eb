import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { TallyError } from "../../protocol/errors.ts";
import type { OfferedPersona } from "../../protocol/limit-routes.ts";

/** What a persona settles of a launch. */
export interface Overlaid {
  readonly agent: string;
  readonly args: string[];
  readonly env: Record<string, string>;
}

export interface OverlayPlace {
  /** What a relative path of a repository's persona is relative to. */
  readonly root: string;
  /** The agent's variable for its config home, null where it has none. */
  readonly configHomeVariable: string | null;
}

/**
 * A launch with what its persona says: the persona's arguments come first, its environment wins.
 * @throws {TallyError} `invalid-request` when the persona asks for what cannot be
 */
export function overlayPersona(
  persona: OfferedPersona,
  order: { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> },
  place: OverlayPlace,
): Overlaid {
  // They tell our own processes who and where they are.
  const own = Object.keys(persona.env).find((name) => /^tally_/i.test(name));
  if (own !== undefined) throw invalid(persona, `sets ${own}, and names that begin with TALLY_ are Tally's own`);
  return {
    agent: persona.agent,
    args: [...persona.args, ...order.args],
    env: { ...order.env, ...persona.env, ...configHomeOf(persona, order.env, place) },
  };
}

function configHomeOf(
  persona: OfferedPersona,
  env: Readonly<Record<string, string>>,
  { root, configHomeVariable }: OverlayPlace,
): Record<string, string> {
  const { configHome, from, agent } = persona;
  if (configHome === undefined) return {};
  if (configHomeVariable === null) {
    throw invalid(persona, `names a configHome, and agent ${agent} has none that can be moved`);
  }
  if (/^~([/\\]|$)/.test(configHome)) {
    return { [configHomeVariable]: join(env["HOME"] ?? env["USERPROFILE"] ?? homedir(), configHome.slice(1)) };
  }
  if (isAbsolute(configHome)) return { [configHomeVariable]: configHome };
  if (from === "repository") return { [configHomeVariable]: resolve(root, configHome) };
  throw invalid(persona, `has the configHome ${configHome}; it must be absolute or begin with ~/`);
}

function invalid({ name, from }: OfferedPersona, what: string): TallyError {
  const where = from === "settings" ? "the settings" : "the repository's tally.json";
  return new TallyError("invalid-request", `Persona ${name} ${what}. Correct it in ${where}.`);
}
