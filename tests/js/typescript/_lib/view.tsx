export const a: string = renderToString(<>view</>);
