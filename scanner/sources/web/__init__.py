"""The web: issuers' documents fetched by their URLs, from servers that may do anything.

Takes Wanted issuers and CollectSettings, gives Exchanges and Visits. One way leads to a server: `destination` takes a URL
apart, `addresses` judges what its host leads to, `network` dials exactly that, `attempt` asks.
May import: what `sources` may. httpcore is imported in here, by modules that `collection` imports when it is called.
"""
