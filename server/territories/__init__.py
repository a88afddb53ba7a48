"""The official list of communes, groupings, départements and régions: shipped, renewed, searched by what is typed."""
