/** Behind the help of `completion`. */
export const completionSetup = `
For every new shell:
  bash: echo 'source <(workspace-sync completion bash)' >> ~/.bashrc
  zsh:  echo 'source <(workspace-sync completion zsh)' >> ~/.zshrc
  fish: workspace-sync completion fish > ~/.config/fish/completions/workspace-sync.fish
`
