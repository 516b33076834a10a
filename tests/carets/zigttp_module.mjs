import { x } from "zigttp:routr";
