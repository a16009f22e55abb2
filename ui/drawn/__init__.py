"""Pictures that the server draws: cards for shared links, and the site's icons where nobody uploaded one."""
