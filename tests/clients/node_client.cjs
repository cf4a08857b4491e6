// Sends one of each kind of call with an unmodified client: node node_client.cjs PACKAGE ADDRESS WRITE_KEY
const [, , name, address, key] = process.argv;

async function segment() {
  const { Analytics } = require("@segment/analytics-node");
  const client = new Analytics({ writeKey: key, host: address, flushAt: 3 });
  client.on("error", (error) => { console.error(error); process.exitCode = 1; });
  calls(client);
  await client.closeAndFlush();
}

async function rudder() {
  const Analytics = require("@rudderstack/rudder-sdk-node");
  const client = new Analytics(key, { dataPlaneUrl: address });
  calls(client);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await new Promise((resolve, reject) => client.flush((error) => (error ? reject(error) : resolve())));
}

function calls(client) {
  client.identify({ userId: `ida.${name}`, anonymousId: `a.${name}`, traits: { email: `ida.${name}@example.com` } });
  client.track({ userId: `ida.${name}`, event: "Order Completed", properties: { order_id: "8" } });
  client.page({ userId: `ida.${name}`, name: "Home" });
  client.screen({ userId: `ida.${name}`, name: "Start" });
  client.group({ userId: `ida.${name}`, groupId: "lumo" });
  client.alias({ userId: `ida.${name}`, previousId: name === "segment" ? "5f3f1c1e-0000-4000-8000-000000000001" : "5f3f1c1e-0000-4000-8000-000000000002" });
}

(name === "segment" ? segment() : rudder()).catch((error) => { console.error(error); process.exitCode = 1; });
