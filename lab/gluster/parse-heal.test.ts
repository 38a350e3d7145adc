import { describe, expect, it } from 'vitest';
import * as odd from './fixtures.fixture.ts';
import { parseHealCount, parseHealSummary, parseHealText, parseHealXml } from './parse-heal.ts';

describe('heal info as text', () => {
  it('does not take "-" for a number', () => {
    const [up, down] = parseHealText(odd.HEAL_TEXT_DOWN).bricks;
    expect(up).toMatchObject({ brick: 'ho1:/b', connected: true, entries: { seen: true, count: 2 } });
    expect(up?.listed).toEqual(['/img', '<gfid:be318638-e8a0-4c6d-977d-7a937aa84806>']);
    expect(down).toMatchObject({
      connected: false,
      status: 'Transport endpoint is not connected',
      entries: { seen: false },
    });
  });

  it('finds the split-brain marker, which only the text has', () => {
    const [brick] = parseHealText(odd.HEAL_TEXT_SPLIT).bricks;
    expect(brick?.inSplitBrain).toEqual(['/img', '/.shard/6a1c0e0a-1111-4222-8333-444455556666.2']);
    expect(brick?.entries).toEqual({ seen: true, count: 3 });
  });

  it('does not believe a number that the listing contradicts', () => {
    const [brick] = parseHealText(odd.HEAL_TEXT_FORGED).bricks;
    expect(brick?.connected).toBe(false);
    expect(brick?.entries.seen).toBe(false);
    const short = parseHealText('Brick ho1:/b\n/x\nStatus: Connected\nNumber of entries: 0\n').bricks[0];
    expect(short?.entries).toEqual({ seen: false, because: 'the number of entries is 0, but 1 are listed' });
  });

  it.each([
    ['empty', ''],
    ['quorum lost', odd.HEAL_TEXT_NO_QUORUM],
    ['no glusterd', odd.NO_GLUSTERD],
  ])('throws on an answer without bricks: %s', (_, text) => {
    expect(() => parseHealText(text)).toThrow(/brick/);
  });

  it('says so when a brick has no number, or a line that nobody understands', () => {
    const cut = parseHealText('Brick ho1:/b\nStatus: Connected\n').bricks[0];
    expect(cut?.entries).toEqual({ seen: false, because: 'no number of entries is printed' });
    const strange = parseHealText(
      'Brick ho1:/b\nFailed to process entries completely.\nNumber of entries: 0\n',
    ).bricks[0];
    expect(strange?.entries.seen).toBe(false);
    expect(strange?.connected).toBe(false);
  });
});

describe('heal info as XML', () => {
  it('keeps "-" and a missing number apart from 0', () => {
    const [up, down] = parseHealXml(odd.HEAL_XML_DOWN).bricks;
    expect(up).toMatchObject({ connected: true, entries: { seen: true, count: 1 }, listed: ['/img'] });
    expect(down).toMatchObject({
      connected: false,
      entries: { seen: false, because: 'the number of entries is "-"' },
    });
    expect(parseHealXml(odd.HEAL_XML_PARTIAL).bricks[0]).toMatchObject({
      connected: false,
      entries: { seen: false },
    });
  });

  it.each([
    ['opRet -1', odd.HEAL_XML_NO_QUORUM, /opRet -1/],
    ['text instead of XML', odd.NO_GLUSTERD, /XML/],
    ['nothing', '', /printed nothing/],
    ['cut off', odd.HEAL_XML_DOWN.slice(0, 300), /not whole XML/],
  ])('throws: %s', (_, xml, because) => {
    expect(() => parseHealXml(xml)).toThrow(because);
  });

  it('summary: a count inside the status is no count', () => {
    const [up, down] = parseHealSummary(odd.SUMMARY_XML_DOWN).bricks;
    expect(up?.counts).toEqual({ seen: true, total: 2, pending: 2, splitBrain: 0, possiblyHealing: 0 });
    expect(down?.counts.seen).toBe(false);
  });
});

it('heal-count: a brick without input has no count', () => {
  const [up, down] = parseHealCount(odd.HEAL_COUNT_DOWN).bricks;
  expect(up?.entries).toEqual({ seen: true, count: 3 });
  expect(down?.entries.seen).toBe(false);
});
