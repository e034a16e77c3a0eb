import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

/**
 * Which way imports go. A room may import from itself and from the rooms listed; everything else in src/ is closed to it.
 * `only` names packages that no other room may import.
 */
const rooms = {
  protocol: { from: [] },
  client: { from: ["protocol"] },
  cli: { from: ["protocol", "client"] },
  commands: { from: ["protocol", "client", "views"], packages: ["vscode"] },
  views: { from: ["protocol", "client"], packages: ["vscode"] },
  server: { from: ["protocol"] },
  "server/store": { from: ["protocol", "server"], packages: ["node:sqlite"] },
  "server/worktrees": { from: ["protocol", "server"], packages: ["simple-git"] },
  ptyhost: { from: ["protocol"], packages: ["node-pty"] },
  demo: { from: [] },
  webview: { from: ["protocol"] },
};

const topRooms = Object.keys(rooms).filter((room) => !room.includes("/"));
const guardedPackages = ["vscode", "node:sqlite", "simple-git", "node-pty"];

function importRules(room, { from, packages = [] }) {
  const self = room.split("/")[0];
  const closed = topRooms.filter((other) => other !== self && !from.includes(other));
  return {
    files: [`src/${room}/**/*.ts`],
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
    files: ["src/**/*.ts", "test/**/*.ts", "scripts/**/*.ts"],
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
  ...Object.entries(rooms).map(([room, rule]) => importRules(room, rule)),
);
