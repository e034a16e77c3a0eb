import { isAbsolute } from "node:path";
import * as z from "zod";

/** A relative path would be relative to the gateway's own folder, which means nothing to whoever sends it. */
export const absolutePathSchema = z.string().min(1).max(4096).refine(isAbsolute, "must be an absolute path");
