const a = <p class=x></p>;
