/** An editor that a project can name as the one to open it in. */
export interface Ide {
  readonly label: string;
  /** Its launchers as found on PATH, the usual one first. */
  readonly launchers: readonly string[];
  /** Other words for it. */
  readonly aliases?: readonly string[];
}

const ides: readonly Ide[] = [
  { label: "Visual Studio Code", launchers: ["code"], aliases: ["vscode", "vs code"] },
  { label: "Visual Studio Code - Insiders", launchers: ["code-insiders"], aliases: ["vscode-insiders"] },
  { label: "VSCodium", launchers: ["codium"] },
  { label: "Cursor", launchers: ["cursor"] },
  { label: "Windsurf", launchers: ["windsurf"] },
  { label: "Zed", launchers: ["zed", "zeditor"] },
  { label: "Sublime Text", launchers: ["subl"], aliases: ["sublime"] },
  {
    label: "IntelliJ IDEA",
    launchers: ["idea", "idea.sh", "intellij-idea-ultimate", "intellij-idea-community"],
    aliases: ["intellij"],
  },
  { label: "WebStorm", launchers: ["webstorm", "webstorm.sh"] },
  { label: "PyCharm", launchers: ["pycharm", "pycharm.sh"] },
  { label: "GoLand", launchers: ["goland", "goland.sh"] },
  { label: "PhpStorm", launchers: ["phpstorm", "phpstorm.sh"] },
  { label: "RubyMine", launchers: ["rubymine", "rubymine.sh"] },
  { label: "CLion", launchers: ["clion", "clion.sh"] },
  { label: "RustRover", launchers: ["rustrover", "rustrover.sh"] },
  { label: "Rider", launchers: ["rider", "rider.sh"] },
];

/** The editor that a project's `ide` means, or null for a word we do not know: it comes from a repository and is never run as such. */
export function findIde(word: string): Ide | null {
  const wanted = word.trim().toLowerCase();
  return (
    ides.find(({ label, launchers, aliases = [] }) =>
      [label.toLowerCase(), ...launchers, ...aliases].includes(wanted),
    ) ?? null
  );
}

export function knownIdes(): readonly string[] {
  return ides.map(({ launchers }) => launchers[0] ?? "").filter(Boolean);
}
