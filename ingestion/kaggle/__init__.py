"""The Kaggle "Spotify 1.2M+ Songs" catalogue, from a local file or from Kaggle itself."""
