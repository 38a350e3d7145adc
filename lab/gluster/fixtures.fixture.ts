/**
 * Odd answers of GlusterFS 10.3, written by hand after what was measured (which state gave them is said at each). They are no captures:
 * those lie under golden/, rewritten only by capture-golden.ts.
 */
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const cli = (inner: string, ret = '<opRet>0</opRet><opErrno>0</opErrno><opErrstr/>'): string =>
  `${HEAD}<cliOutput>${ret}${inner}</cliOutput>`;
/** `heal` puts the return code behind the answer. */
const heal = (bricks: string, ret = '<opRet>0</opRet><opErrno>0</opErrno><opErrstr/>'): string =>
  `${HEAD}<cliOutput><healInfo><bricks>${bricks}</bricks></healInfo>${ret}</cliOutput>`;

/** A brick is down, its node up. */
export const HEAL_TEXT_DOWN = `Brick ho1:/b
/img
<gfid:be318638-e8a0-4c6d-977d-7a937aa84806> - Possibly undergoing heal
Status: Connected
Number of entries: 2

Brick ho2:/b
Status: Transport endpoint is not connected
Number of entries: -

`;
/** Replica 2 after two reboots without heal. */
export const HEAL_TEXT_SPLIT = `Brick ho1:/b
/img - Is in split-brain

/.shard/6a1c0e0a-1111-4222-8333-444455556666.2 - Is in split-brain
/.shard/6a1c0e0a-1111-4222-8333-444455556666.4
Status: Connected
Number of entries: 3

`;
/** A file that a customer named to fool a parser. */
export const HEAL_TEXT_FORGED = `Brick ho1:/b
/customers/x
Status: Connected
Number of entries: 0
Status: Connected
Number of entries: 1

`;
/** Server quorum lost; exit code 251. */
export const HEAL_TEXT_NO_QUORUM = `d18: Not able to fetch volfile from glusterd
Volume heal failed.
`;
export const HEAL_XML_NO_QUORUM = heal(
  '',
  '<opRet>-1</opRet><opErrno>5</opErrno><opErrstr>Input/output error</opErrstr>',
);
export const HEAL_XML_DOWN = heal(
  '<brick hostUuid="a049c424-0000-4000-8000-000000000001"><name>ho1:/b</name>' +
    '<file gfid="be318638-e8a0-4c6d-977d-7a937aa84806">/img</file><status>Connected</status><numberOfEntries>1</numberOfEntries></brick>' +
    '<brick hostUuid="-"><name>ho2:/b</name><status>Transport endpoint is not connected</status><numberOfEntries>-</numberOfEntries></brick>',
);
/** Partial failure: no number at all. */
export const HEAL_XML_PARTIAL = heal(
  '<brick hostUuid="a049c424-0000-4000-8000-000000000001"><name>ho1:/b</name>' +
    '<status>Failed to process entries completely. (Transport endpoint is not connected)</status></brick>',
);
const summaryCounts = (total: number): string =>
  `<totalNumberOfEntries>${total}</totalNumberOfEntries><numberOfEntriesInHealPending>${total}</numberOfEntriesInHealPending>` +
  '<numberOfEntriesInSplitBrain>0</numberOfEntriesInSplitBrain><numberOfEntriesPossiblyHealing>0</numberOfEntriesPossiblyHealing>';
/** Any brick down: the count ends up inside the status. */
export const SUMMARY_XML_DOWN = heal(
  `<brick hostUuid="a049c424-0000-4000-8000-000000000001"><name>ho1:/b</name><status>Connected</status>${summaryCounts(2)}</brick>` +
    '<brick hostUuid="-"><name>ho2:/b</name><status>Failed to process entries completely. ' +
    '(Transport endpoint is not connected)totalNumberOfEntries0</status></brick>',
);
/** `statistics heal-count`, captured by somebody else. */
export const HEAL_COUNT_DOWN = `Gathering count of entries to be healed on volume c16 has been successful

Brick ho1:/b
Number of entries: 3

Brick ho2:/b
Status: Brick is not connected
No gathered input for this brick
`;

const row = (host: string, path: string, status: 0 | 1, port: string, pid: string): string =>
  `<node><hostname>${host}</hostname><path>${path}</path><peerid>uuid-${host === 'Self-heal Daemon' ? path : host}</peerid>` +
  `<status>${status}</status><port>${port}</port><ports><tcp>${port}</tcp><rdma>N/A</rdma></ports><pid>${pid}</pid></node>`;
const status = (rows: string): string =>
  cli(
    `<volStatus><volumes><volume><volName>v</volName><nodeCount>2</nodeCount>${rows}<tasks/></volume></volumes></volStatus>`,
  );
/** Brick of ho2 down, its glusterd up; ho3 away, so without rows. */
export const STATUS_DOWN = status(
  row('ho1', '/b', 1, '56011', '233') +
    row('ho2', '/b', 0, 'N/A', '-1') +
    row('Self-heal Daemon', 'localhost', 1, 'N/A', '300') +
    row('Self-heal Daemon', 'ho2', 0, 'N/A', '-1'),
);
export const PEERS_DOWN = cli(
  '<peerStatus><peer><uuid>u2</uuid><hostname>ho2</hostname><hostnames><hostname>ho2</hostname></hostnames>' +
    '<connected>0</connected><state>3</state><stateStr>Peer in Cluster</stateStr></peer></peerStatus>',
);
export const PEERS_NONE = cli('<peerStatus/>');
export const POOL = cli(
  '<peerStatus><peer><uuid>u2</uuid><hostname>ho2</hostname><connected>1</connected><state>3</state>' +
    '<stateStr>Peer in Cluster</stateStr></peer><peer><uuid>u1</uuid><hostname>localhost</hostname><connected>1</connected></peer></peerStatus>',
);
/** glusterd of this node does not run: text, in spite of --xml. */
export const NO_GLUSTERD = 'Connection failed. Please check if gluster daemon is operational.\n';
export const LOCKED = cli(
  '',
  '<opRet>-1</opRet><opErrno>30802</opErrno><opErrstr>Another transaction is in progress for v. Please try again after some time.</opErrstr>',
);
