import type { Only } from './missing.mts';
export interface Thing { a: string }
export type Alias = Thing;
export const value: number = 1;
export enum Kind { A = 'a', B = 'b' }
export default class Default<T> { v = 'default'; w?: T }
export function over(x: string): string;
export function over(x: number): number;
export function over(x: any) { return x; }
export abstract class Abstract { abstract m(): Only; }
export declare const ambient: number;
export namespace NS { export const n = 2; }
interface Later { }
class Both { }
export { type Later, Both, type Both as BothType };
export type { Later as Later2 };
export * as self from './values.mts';
