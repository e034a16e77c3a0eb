import type { OfferedPersona } from "../protocol/limit-routes.ts";
import type { Persona } from "../protocol/limits.ts";
import { visible } from "../protocol/visible.ts";

/** All that a repository's persona would run, to be read before it is approved. */
export function personaText({ agent, args, configHome, env }: Persona, cwd: string): string {
  const variables = Object.entries(env).map(([name, value]) => `  ${name}=${quoted(value)}`);
  return [
    `The tally.json of this repository asks for it. It runs in ${visible(cwd)}:`,
    "",
    `Command: ${[agent, ...args].map(quoted).join(" ")}`,
    ...(configHome === undefined ? [] : [`Settings and login from: ${quoted(configHome)}`]),
    ...(variables.length > 0 ? ["Environment:", ...variables] : []),
    "",
    "Approve it when you know what every part does. When it changes, you are asked again.",
  ].join("\n");
}

/** So that one word is seen to be one, and nothing in it is hidden. */
function quoted(word: string): string {
  const shown = visible(word).replaceAll("\n", "\\n");
  return /^[\w@%+=:,./~-]+$/.test(shown) ? shown : JSON.stringify(shown);
}

/** What stands behind a persona in a list. */
export function personaDescription({ agent, from, isApproved }: OfferedPersona): string {
  const origin = from === "repository" ? "this repository" : "your settings";
  return [agent, `from ${origin}`, ...(isApproved ? [] : ["asks for your approval first"])].join(" · ");
}
