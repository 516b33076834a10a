import { routerMatc } from "zigttp:router";
