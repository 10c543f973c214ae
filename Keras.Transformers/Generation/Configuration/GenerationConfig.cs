namespace Keras.Transformers;
#pragma warning disable
public sealed class GenerationConfig {
  public int max_length=20; public int? max_new_tokens; public int min_length; public bool do_sample; public int num_beams=1; public int num_beam_groups=1; public double? penalty_alpha; public bool use_cache=true; public double temperature=1; public int top_k=50;
  public double length_penalty=1; public int num_return_sequences=1; public bool output_attentions, output_hidden_states, output_scores, output_logits; public bool? return_dict_in_generate; public int? pad_token_id,bos_token_id; public int[]? eos_token_id; public bool? early_stopping=false; public double diversity_penalty; public long? seed;
}
