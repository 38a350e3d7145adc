/** Which alerts can wake somebody. */
import type { EventOf } from '../model/event.ts';

/** Mail is read by who is awake and looks; everything else rings. */
export const isLoud = ({ channel }: Pick<EventOf<'alert'>, 'channel'>): boolean => channel !== 'mail';
