// Sends one of each kind of call with an unmodified client: node node_client.cjs PACKAGE ADDRESS WRITE_KEY
const [, , name, address, key] = process.argv;
const who = `ida.${name}`;
const made = { segment: 1, rudder: 2, posthog: 3 };
const earlier = `5f3f1c1e-0000-4000-8000-00000000000${made[name]}`;

const clients = {
  async segment() {
    const { Analytics } = require("@segment/analytics-node");
    const client = new Analytics({ writeKey: key, host: address, flushAt: 3 });
    client.on("error", fail);
    calls(client);
    await client.closeAndFlush();
  },

  async rudder() {
    const Analytics = require("@rudderstack/rudder-sdk-node");
    const client = new Analytics(key, { dataPlaneUrl: address });
    calls(client);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await new Promise((resolve, reject) => client.flush((error) => (error ? reject(error) : resolve())));
  },

  async posthog() {
    const { PostHog } = require("posthog-node");
    const client = new PostHog(key, { host: address });
    client.on("error", fail);
    client.identify({ distinctId: who, properties: { email: `${who}@example.com` } });
    client.capture({ distinctId: who, event: "Order Completed", properties: { order_id: "8" } });
    client.capture({ distinctId: who, event: "$pageview", properties: { $current_url: "https://shop.example/" } });
    client.capture({ distinctId: who, event: "$screen", properties: { $screen_name: "Start" } });
    client.groupIdentify({ groupType: "company", groupKey: "lumo", properties: { name: "Lumo" }, distinctId: who });
    client.alias({ distinctId: who, alias: earlier });
    if (Object.keys(await client.getAllFlags(who)).length) fail(new Error("there are no flags"));
    await client.shutdown();
  },

  async jitsu() {
    const { jitsuAnalytics } = require("@jitsu/js");
    const client = jitsuAnalytics({ host: address, writeKey: `${key}:any`, s2s: true });
    await client.identify(who, { email: `${who}@example.com` });
    await client.track("Order Completed", { order_id: "8" });
    await client.page({ name: "Home" });
    await client.group("lumo", { name: "Lumo" });
  },
};

function calls(client) {
  client.identify({ userId: who, anonymousId: `a.${name}`, traits: { email: `${who}@example.com` } });
  client.track({ userId: who, event: "Order Completed", properties: { order_id: "8" } });
  client.page({ userId: who, name: "Home" });
  client.screen({ userId: who, name: "Start" });
  client.group({ userId: who, groupId: "lumo" });
  client.alias({ userId: who, previousId: earlier });
}

function fail(error) {
  console.error(error);
  process.exitCode = 1;
}

clients[name]().catch(fail);
