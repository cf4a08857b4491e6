"""The doors of web chat, for pages of other sites: no cookies, a token in the page's own storage, only named sites."""
