/** Somebody else's work that a package of ours holds. */
export interface ThirdPartyWork {
  readonly name: string;
  readonly version: string;
  /** What it says of itself: an SPDX expression. Null where it says nothing. */
  readonly license: string | null;
  /** Where it comes from, as it says. */
  readonly source: string | null;
  /** What it says of its licence, one text a file. */
  readonly files: readonly LicenseFile[];
}

export interface LicenseFile {
  readonly name: string;
  readonly text: string;
}

/** All that these ask of a package under the MIT licence is in the notices. CC-BY-4.0 is for pictures; the Codicons are. */
const allowedLicenses: readonly string[] = [
  "MIT",
  "ISC",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "CC-BY-4.0",
];

const licenseName = /^((un)?licen[cs]e|copying)/i;
const noticeName = /^notice/i;
const rule = "=".repeat(80);

/** Whether a file of this name, at the top of a package, belongs in the notices. */
export function isLicenseFile(name: string): boolean {
  return licenseName.test(name) || noticeName.test(name);
}

/**
 * The text that goes into a package, for all works that are in it.
 * @throws naming each that may not be shipped as it is, and why.
 */
export function thirdPartyNotices(works: readonly ThirdPartyWork[]): string {
  const problems = works.flatMap(problemsOf);
  if (problems.length > 0) throw new Error(`The package cannot be made: ${problems.join("; ")}.`);
  const sorted = [...new Map(works.map((work) => [headingOf(work), work])).values()].toSorted(
    (a, b) => compare(a.name, b.name) || compare(a.version, b.version),
  );
  return [
    "Tally is made with the works of others. Each is listed here with its licence, and the licence's text follows.\n",
    `${sorted.map((work) => `  ${headingOf(work)} (${work.license})`).join("\n")}\n`,
    ...sorted.map(sectionOf),
  ].join("\n");
}

function problemsOf(work: ThirdPartyWork): string[] {
  const { license, files } = work;
  const unread = "read it, then add it to allowedLicenses in scripts/third-party/notices.ts or do without the package";
  return [
    ...(license === null ? [`${headingOf(work)} does not say what its licence is`] : []),
    ...(license !== null && !allowedLicenses.includes(license)
      ? [`the licence of ${headingOf(work)}, ${license}, is none of ${allowedLicenses.join(", ")}: ${unread}`]
      : []),
    ...(files.some(({ name, text }) => licenseName.test(name) && text.trim() !== "")
      ? []
      : [
          `${headingOf(work)} comes without the text of its licence: put it in a folder of scripts/third-party, named in works.ts`,
        ]),
  ];
}

function sectionOf(work: ThirdPartyWork): string {
  return [
    rule,
    headingOf(work),
    `Licence: ${work.license}`,
    ...(work.source === null ? [] : [`From: ${work.source}`]),
    rule,
    "",
    work.files.map(({ text }) => plain(text)).join(`\n\n${"-".repeat(80)}\n\n`),
    "",
  ].join("\n");
}

function headingOf({ name, version }: ThirdPartyWork): string {
  return `${name} ${version}`;
}

function plain(text: string): string {
  return text
    .replace(/^\uFEFF/, "")
    .replaceAll("\r\n", "\n")
    .trimEnd();
}

/** By code units, so that every machine makes the same file. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
