import { ensureGateway } from "../../src/client/ensure-gateway.ts";
import { GatewayClient } from "../../src/client/http.ts";
import { tallyHome } from "../../src/protocol/home.ts";
import { repositoryRoot } from "./gateway.ts";

/** One of several processes that start the gateway at once; says which gateway it got. */
const endpoint = await ensureGateway({ home: tallyHome(), env: process.env, folder: repositoryRoot });
const client = new GatewayClient(() => Promise.resolve(endpoint));
const { pid } = await client.call("health", {});
client.dispose();
process.send?.(pid);
