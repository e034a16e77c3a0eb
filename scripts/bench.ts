import { buildBundles } from "./package-extension.ts";
import { step } from "./progress.mjs";

await step("Building", buildBundles);
await import("../test/bench/main.ts");
