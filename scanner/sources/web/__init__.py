"""The web: fetches issuers' documents by their URLs, from servers that may be hostile.

Takes Wanted issuers and the network settings, gives Exchanges and Visits. There is one path to a server: `destination` parses
a URL, `addresses` checks the addresses of its host, `network` connects to exactly those, `attempt` sends the requests.
May import: what `sources` may. httpcore is imported here, by modules that `collection` imports when it is called.
"""
