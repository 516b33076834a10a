// Cycles: functions are there before the code runs, variables are not.
import { log, fromB } from './_lib/cycle_b.mjs';
export function early() { return 'early'; }
export let late = 'late';
export default function () { return 'default'; }
print(log.join(' | '));    // expect: early | default | Cannot access 'late' before initialization
print(fromB());            // expect: late
late = 'changed';
print(fromB());            // expect: changed
