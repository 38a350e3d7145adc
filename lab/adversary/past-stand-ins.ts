/** Finds, in the text of what is to be attacked, what would reach the real cluster past the stand-ins. */
import { readFileSync, statSync } from 'node:fs';
import { CannotAttack } from './resolve.ts';

/** One way past the stand-ins. */
interface Way {
  /** The words that give a line away. */
  readonly found: (line: string) => string | undefined;
  readonly does: (found: string) => string;
  readonly instead: string;
}

/** Programs that a stand-in must be able to take the place of. */
const BY_PATH =
  /\/s?bin\/(gluster|ssh|sudo|su|doas|runuser|pkexec|nsenter|chroot|glfsheal|reboot|shutdown|systemctl|scp|docker|qm|pvesh)\b/;
/** A command for the stand-in `ssh`, which leaves the path away. */
const FOR_SSH = /(^|[^/\w-])ssh .*\/\w+/;

const SETS_PATH = /(?<![\w$}])PATH=(?!=)(.*)/g;
/** The stand-ins stay first, whatever is added behind them. */
const KEPT_FIRST = /^\\?["']?\\?\$(?:PATH(?!\w)|\{PATH(?:\}|:?[-=?]|:?\+\$\{?PATH\b))/;
/** In Python, Perl, Ruby and JavaScript. Adding to it (`+=`, `.=`) leaves the stand-ins first. */
const SETS_ENVIRON = /\benv(?:iron)?(?:\.|\s*[[{]\s*)["']?PATH["']?\s*[\]}]?\s*=(?![=~>])/i;
const IN_A_TABLE = /["']PATH["']\s*(?::|=>)\s*["']/;
const IN_OTHER_SHELLS = /(?:^|[\s;])(?:setenv\s+PATH\b|set\s+path\s*=|set\s+(?:-\w+\s+)+PATH\b)/;
const UNSETS = /(?:^|[\s;&|(])unset\s+(?:-v\s+)?(?:\w+\s+)*PATH\b/;

/** A login shell reads /etc/profile, which sets PATH anew on Debian and others. */
const LOGIN_SHELL = /(?<![\w.-])(?:ba|da|k|z)?sh(?:\s+-[\w-]+)*\s+(?:-[A-Za-z]*l[A-Za-z]*|--login)(?![\w-])/;
const PROFILE = /(?:^|[\s;&|(])(?:\.|source)\s+\/etc\/(?:profile|environment|bash\.bashrc|bashrc)\b/;

const EMPTY_ENVIRONMENT =
  /(?<![\w.-])env\s+(?:-[\w-]+\s+)*(?:-[A-Za-z]*i[A-Za-z]*|--ignore-environment|-)(?=\s|$)/;
const WITHOUT_PATH = /\benv\s+-u\s*PATH\b|\bexec\s+-c\b|\bcommand\s+-p\b/;

/** Where a command begins: at the start of a line, after what joins commands, or behind a word that runs one. */
const OTHER_USER =
  /(?:^\s*|[;&|({!`]\s*|\b(?:then|do|else|if|while|until|exec|time|nohup|command|sudo|xargs)\s+)(su|doas|runuser|pkexec|nsenter|chroot)(?=\s+[-\w"'$/])/;

const matched =
  (pattern: RegExp, group = 0) =>
  (line: string): string | undefined =>
    pattern.exec(line)?.[group];

function setsPath(line: string): string | undefined {
  const sets =
    [...line.matchAll(SETS_PATH)].some(([, value = '']) => !KEPT_FIRST.test(value)) ||
    [SETS_ENVIRON, IN_A_TABLE, IN_OTHER_SHELLS, UNSETS].some((pattern) => pattern.test(line));
  return sets ? 'PATH' : undefined;
}

const WAYS: readonly Way[] = [
  {
    found: (line) => (FOR_SSH.test(line) ? undefined : matched(BY_PATH, 1)(line)),
    does: (name) => `calls ${name} by its full path`,
    instead: 'Call it by its name',
  },
  {
    found: setsPath,
    does: () => 'sets PATH without the old one in front',
    instead: 'Take that out, or write PATH="$PATH:/usr/sbin:/sbin"',
  },
  {
    found: (line) => matched(LOGIN_SHELL)(line) ?? matched(PROFILE)(line),
    does: () => 'reads the profile of a login shell, which may set PATH',
    instead: 'Take that out (#!/bin/bash without -l)',
  },
  {
    found: (line) => matched(EMPTY_ENVIRONMENT)(line) ?? matched(WITHOUT_PATH)(line),
    does: (words) => `goes on without PATH by "${words}"`,
    instead: 'Take that out',
  },
  {
    found: matched(OTHER_USER, 1),
    does: (name) => `calls ${name}, behind which PATH or the root is another`,
    instead: 'Take that out, no other rights are needed here, or call sudo, which is a stand-in',
  },
];

const MOST_BYTES = 1_000_000;

/** Looks into the command line and every file that it names. Throws `CannotAttack` with the line and the way out. */
export function refusePastStandIns(command: readonly string[]): void {
  for (const line of command.join(' ').split('\n')) refuse('the command line', line);
  for (const file of command.filter((word) => isScript(word))) {
    for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
      const interpreter = index === 0 && line.startsWith('#!');
      if (interpreter || !/^\s*#/.test(line)) refuse(`${file}, line ${index + 1},`, line);
    }
  }
}

function refuse(from: string, line: string): void {
  for (const { found, does, instead } of WAYS) {
    const words = found(line);
    if (words === undefined) continue;
    throw new CannotAttack(
      `${from} ${does(words)} (${line.trim().slice(0, 80)}): that would lead past the stand-ins, to the real cluster. ${instead}, then attack it again.`,
    );
  }
}

function isScript(word: string): boolean {
  const found = statSync(word, { throwIfNoEntry: false });
  if (found?.isFile() !== true || found.size > MOST_BYTES) return false;
  return !readFileSync(word).includes(0);
}
