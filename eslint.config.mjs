import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

/**
 * Which way imports go. A room may import from itself and from the rooms listed; everything else in src/ is closed to it.
 * `only` names packages that no other room may import.
 */
const rooms = {
  protocol: { from: [] },
  presentation: { from: ["protocol"] },
  client: { from: ["protocol"] },
  cli: { from: ["protocol", "client"] },
  commands: { from: ["protocol", "presentation", "client", "views"], packages: ["vscode"] },
  views: { from: ["protocol", "presentation", "client"], packages: ["vscode"] },
  server: { from: ["protocol"] },
  "server/store": { from: ["protocol", "server"], packages: ["node:sqlite"] },
  "server/worktrees": { from: ["protocol", "server"], packages: ["simple-git"] },
  ptyhost: { from: ["protocol"], packages: ["node-pty"] },
  demo: { from: [] },
  webview: { from: ["protocol", "presentation"], packages: ["preact", "chart.js"] },
};

const topRooms = Object.keys(rooms).filter((room) => !room.includes("/"));
const guardedPackages = ["vscode", "node:sqlite", "simple-git", "node-pty", "preact", "chart.js"];

function importRules(room, { from, packages = [] }) {
  const self = room.split("/")[0];
  const closed = topRooms.filter((other) => other !== self && !from.includes(other));
  return {
    files: [`src/${room}/**/*.{ts,tsx}`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          paths: guardedPackages
            .filter((name) => !packages.includes(name))
            .map((name) => ({ name, message: `${name} is not imported in src/${room}; see ARCHITECTURE.md.` })),
          patterns: closed.map((other) => ({
            regex: `^(\\.\\./)+${other}/`,
            message: `src/${room} does not import from src/${other}; see ARCHITECTURE.md.`,
          })),
        },
      ],
    },
  };
}

const LINKS = "text from elsewhere would become links and icons";
const KEYBOARD = "the tree could take the keyboard from it";

/**
 * What the editor makes links and icons of, whoever wrote it, is only called behind a door that takes them out; what gets the keyboard, behind
 * one that waits until it can keep it. Each member of `vscode.window` with the only file that may call it, what all others call instead, and why.
 */
const doors = [
  [
    /^show(Information|Warning|Error)Message$/,
    "views/messages.ts",
    "showInformation, showWarning, showError or askInDialog",
    LINKS,
  ],
  [/^withProgress$/, "views/messages.ts", "showProgress", LINKS],
  [/^setStatusBarMessage$/, "views/messages.ts", "showInStatusBar", LINKS],
  [/^showQuickPick$/, "views/questions.ts", "pickOne or pickSeveral", LINKS],
  [/^showInputBox$/, "views/questions.ts", "askText", KEYBOARD],
  [/^showTextDocument$/, "views/documents.ts", "showDocument", KEYBOARD],
];

function doorRules(ownDoor) {
  return doors
    .filter(([, door]) => door !== ownDoor)
    .map(([member, door, instead, why]) => ({
      selector: `:matches(MemberExpression[property.name=${member}], Property[key.name=${member}])`,
      message: `Use ${instead} of src/${door}: ${why}; see ARCHITECTURE.md.`,
    }));
}

export default tseslint.config(
  { ignores: ["dist", "node_modules", ".cache", "**/fixtures/**"] },
  eslint.configs.recommended,
  {
    files: ["**/*.mjs"],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        URL: "readonly",
        setTimeout: "readonly",
        clearTimeout: "readonly",
      },
    },
  },
  {
    files: ["src/**/*.{ts,tsx}", "test/**/*.ts", "scripts/**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-non-null-assertion": "error",
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off", "@typescript-eslint/no-unused-expressions": "off" },
  },
  { files: ["src/**/*.{ts,tsx}"], rules: { "no-restricted-syntax": ["error", ...doorRules()] } },
  ...[...new Set(doors.map(([, door]) => door))].map((door) => ({
    files: [`src/${door}`],
    rules: { "no-restricted-syntax": ["error", ...doorRules(door)] },
  })),
  ...Object.entries(rooms).map(([room, rule]) => importRules(room, rule)),
);
