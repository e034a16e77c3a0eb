import type { Finding } from "./finding.ts";

/** Rather too much is cut off an address than too little: it is `...` from where nobody can tell what is secret. */
const inAddresses: readonly (readonly [RegExp, string])[] = [
  // A password may have a "?" in it, and a query an "@".
  [/(\b[a-z][a-z\d+.-]*:\/\/)\S*[?#]\S*@\S*/gi, "$1..."],
  [/(\b[a-z][a-z\d+.-]*:\/\/)\S*@/gi, "$1"],
  [/(\b[a-z][a-z\d+.-]*:\/\/[^\s?#]*[?#])\S+?([),;]*)(?=\s|$)/gi, "$1...$2"],
  [/(https?:\/\/\S+?\/t\/)[^\s/,;)]+/gi, "$1..."],
];

/** As agents and those that host code begin their keys; and what is said to be one. */
const inWords: readonly (readonly [RegExp, string])[] = [
  [/\b(sk-|gh[opsru]_|github_pat_|glpat-|npm_|hf_|xox[a-z]-|AKIA|AIza)[\w-]{6,}/g, "$1..."],
  [/\beyJ[\w-]{6,}(?:\.[\w-]+)*/g, "eyJ..."],
  [/\b(bearer\s+)[\w.~+/-]{8,}=*/gi, "$1..."],
  [/((?:key|token|secret|password)=)[^\s,;)]+/gi, "$1..."],
];

/** A report is made to be shown to others, and quotes addresses, and what other programs print. */
export function withoutSecrets(finding: Finding): Finding {
  const { name, text, remedy } = finding;
  return { ...finding, name: cleaned(name), text: cleaned(text), remedy: remedy === null ? null : cleaned(remedy) };
}

function cleaned(text: string): string {
  return without(inWords, text.split(/(\s+)/).map(withoutSecretAddress).join(""));
}

/** Of a longer address nothing is shown: to look for its parts takes long, and it is none that a person reads. */
const MAX_ADDRESS_LENGTH = 2_000;

function withoutSecretAddress(word: string): string {
  const end = word.indexOf("://");
  if (end < 0) return word;
  return word.length > MAX_ADDRESS_LENGTH ? `${word.slice(0, end)}://...` : without(inAddresses, word);
}

function without(secrets: readonly (readonly [RegExp, string])[], text: string): string {
  return secrets.reduce((rest, [secret, shown]) => rest.replaceAll(secret, shown), text);
}
