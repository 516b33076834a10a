@injectable()
export class A { }
