import assert from "node:assert/strict";
import { isLicenseFile, thirdPartyNotices, type ThirdPartyWork } from "../../../../scripts/third-party/notices.ts";

const work = (name: string, more: Partial<ThirdPartyWork> = {}): ThirdPartyWork => ({
  name,
  version: "1.0.0",
  license: "MIT",
  source: `https://example.org/${name}`,
  files: [{ name: "LICENSE", text: `May be used, says ${name}.\n` }],
  ...more,
});

/** The lines under the first, which are the table of what follows. */
const listed = (works: readonly ThirdPartyWork[]) =>
  thirdPartyNotices(works)
    .split("\n")
    .filter((line) => line.startsWith("  "))
    .map((line) => line.trim());

describe("third-party notices", () => {
  it("have the name, version, licence, source and text of each work", () => {
    assert.match(
      thirdPartyNotices([work("sheep", { version: "2.1.0", license: "ISC" })]),
      /\nsheep 2\.1\.0\nLicence: ISC\nFrom: https:\/\/example\.org\/sheep\n=+\n\nMay be used, says sheep\.\n/,
    );
  });

  it("have all texts that a work brings", () => {
    const files = [
      { name: "LICENSE", text: "For the pictures." },
      { name: "LICENSE-CODE", text: "For the code." },
      { name: "NOTICE", text: "By many." },
    ];
    assert.match(
      thirdPartyNotices([work("icons", { files })]),
      /For the pictures\.\n\n-+\n\nFor the code\.\n\n-+\n\nBy many\.\n/,
    );
  });

  it("are in order, whatever the order of the works", () => {
    assert.deepEqual(listed([work("b"), work("a", { version: "2.0.0" }), work("a")]), [
      "a 1.0.0 (MIT)",
      "a 2.0.0 (MIT)",
      "b 1.0.0 (MIT)",
    ]);
  });

  it("list once what lies there twice", () => {
    assert.deepEqual(listed([work("a"), work("a")]), ["a 1.0.0 (MIT)"]);
  });

  it("have plain lines, as no work's editor made them", () => {
    const text = thirdPartyNotices([work("a", { files: [{ name: "LICENSE", text: "\uFEFFOne\r\ntwo\r\n\r\n" }] })]);
    assert.match(text, /=\n\nOne\ntwo\n$/);
  });

  it("are the same for a work that does not say where it comes from", () => {
    assert.match(
      thirdPartyNotices([work("a", { source: null })]),
      /\na 1\.0\.0\nLicence: MIT\n=+\n\nMay be used, says a\.\n/,
    );
  });

  const refused: readonly [string, Partial<ThirdPartyWork>, RegExp][] = [
    ["does not say its licence", { license: null }, /a 1\.0\.0 does not say what its licence is/],
    [
      "has a licence that nobody has allowed",
      { license: "GPL-3.0-only" },
      /the licence of a 1\.0\.0, GPL-3\.0-only, is none of MIT, /,
    ],
    [
      "has a choice of licences that nobody has allowed",
      { license: "(MIT OR GPL-3.0-only)" },
      /a 1\.0\.0, \(MIT OR GPL/,
    ],
    ["has no file", { files: [] }, /a 1\.0\.0 comes without the text of its licence: put it in/],
    ["has an empty licence", { files: [{ name: "LICENSE", text: " \n" }] }, /a 1\.0\.0 comes without the text/],
    ["has a notice alone", { files: [{ name: "NOTICE", text: "By many." }] }, /a 1\.0\.0 comes without the text/],
  ];
  for (const [what, more, message] of refused) {
    it(`are refused where a work ${what}`, () => {
      assert.throws(() => thirdPartyNotices([work("a", more)]), message);
    });
  }

  it("tell of all that is wrong at once", () => {
    const works = [work("a", { files: [] }), work("b"), work("c", { license: null })];
    assert.throws(() => thirdPartyNotices(works), /: a 1\.0\.0 comes without .*; c 1\.0\.0 does not say /);
  });
});

describe("a licence's file", () => {
  for (const name of ["LICENSE", "license.md", "Licence.txt", "LICENSE-CODE", "UNLICENSE", "COPYING", "NOTICE.md"]) {
    it(`is ${name}`, () => assert.ok(isLicenseFile(name)));
  }
  for (const name of ["README.md", "sublicense.js", "index.js"]) {
    it(`is not ${name}`, () => assert.ok(!isLicenseFile(name)));
  }
});
