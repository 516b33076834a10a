import './wait_fails.mjs'; import { log } from './log.mjs'; log.push('never');
