(* A certified formula is a logarithm (proofs/existence.md section 5; check_formula in symplrnn/certificate/check.py).

   Let Exp be a map of matrices and ex one of scalars with three properties, which are those of the exponential function of complex
   matrices and numbers:
   - Exp(A + B) = Exp(A) Exp(B) if A B = B A;
   - Exp(X) = 1 + X + ... + X^(k-1)/(k-1)! if X^k = 0;
   - X v = w v implies Exp(X) v = ex(w) v.
   If S has the spectral projectors E_i for different l_i <> 0, S N = N S, S U = N, U is nilpotent, R = U - U^2/2 + U^3/3 - ... and
   ex(w_i) = l_i, then
       Exp(R + sum w_i E_i) = S + N,    Exp(t (R + sum w_i E_i)) = (sum ex(t w_i) E_i) (sum binomial(t, k) U^k),
   and the eigenvalues of R + sum w_i E_i are the w_i with E_i <> 0 (so with principal logarithms w_i it is the principal one).
   The last theorem starts from the identities that the checker tests.

   Left to prose: that the exponential function has the three properties. *)

From mathcomp Require Import all_ssreflect all_algebra.
From Symplrnn Require Import Spectral Certificate Jordan Series.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import GRing.Theory.
Local Open Scope ring_scope.

Record exponential (L : fieldType) n (Exp : 'M[L]_n.+1 -> 'M[L]_n.+1) (ex : L -> L) := Exponential {
  exp_add : forall A B, A * B = B * A -> Exp (A + B) = Exp A * Exp B;
  exp_nilpotent : forall X k, X ^+ k = 0 -> Exp X = exp_series k X;
  exp_eigen : forall X w (V : 'M_n.+1), X * V = w *: V -> Exp X * V = ex w *: V
}.

Section Formula.

Variables (L : fieldType) (n : nat) (Exp : 'M[L]_n.+1 -> 'M[L]_n.+1) (ex : L -> L).
Hypotheses (char0 : [char L] =i pred0) (exp : exponential Exp ex).
Variables (I : finType) (S N U : 'M[L]_n.+1) (l w : I -> L) (E : I -> 'M[L]_n.+1) (e : nat).
Hypotheses (spec : spectral S l E) (l0 : forall i, l i != 0).
Hypotheses (comm : S * N = N * S) (SU : S * U = N) (nilp : U ^+ e.+1 = 0).

Definition formula := log_series e U + \sum_i w i *: E i.

Lemma spectral_inverse : (\sum_i (l i)^-1 *: E i) * S = 1.
Proof.
have [_ sum eigen] := spec.
rewrite mulr_suml -sum; apply: eq_bigr => i _.
by rewrite -scalerAl -(spectral_comm spec i (erefl (S * S))) eigen scalerA mulVf // scale1r.
Qed.

Lemma comm_U : U * S = S * U.
Proof.
have cancel (X Y : 'M_n.+1) : S * X = S * Y -> X = Y.
  by move=> eq; rewrite -[X]mul1r -spectral_inverse -mulrA eq mulrA spectral_inverse mul1r.
by apply: cancel; rewrite mulrA SU -comm.
Qed.

Lemma nilpotent_N : N ^+ e.+1 = 0.
Proof. by rewrite -SU exprMn_comm ?nilp ?mulr0 // /GRing.comm comm_U. Qed.

Lemma sum_eigen (c : I -> L) i : (\sum_j c j *: E j) * E i = c i *: E i.
Proof.
rewrite mulr_suml (bigD1 i) //= -scalerAl (spectral_orthogonal spec) eqxx big1 ?addr0 // => j ji.
by rewrite -scalerAl (spectral_orthogonal spec) (negPf ji) scaler0.
Qed.

Lemma comm_log c : log_series e U * (\sum_i c i *: E i) = (\sum_i c i *: E i) * log_series e U.
Proof.
rewrite mulr_sumr mulr_suml; apply: eq_bigr => i _; rewrite -scalerAr -scalerAl; congr (_ *: _).
by rewrite log_seriesE; apply: comm_horner_mx; apply: (spectral_comm spec); apply: comm_U.
Qed.

Theorem formula_flow t : Exp (t *: formula) = (\sum_i ex (t * w i) *: E i) * power_series e U t.
Proof.
have [_ sum eigen] := spec.
rewrite /formula scalerDr addrC.
have -> : t *: (\sum_i w i *: E i) = \sum_i (t * w i) *: E i.
  by rewrite scaler_sumr; apply: eq_bigr => i _; rewrite scalerA.
rewrite (exp_add exp) -?scalerAr -?scalerAl ?comm_log //; congr (_ * _).
  rewrite -[LHS]mulr1 -sum mulr_sumr; apply: eq_bigr => i _.
  exact: exp_eigen exp _ _ _ (sum_eigen _ i).
rewrite -exp_series_log // (exp_nilpotent exp (k := e.+1)) //.
by rewrite exprZn log_series_nilpotent // scaler0.
Qed.

Hypothesis logs : forall i, ex (w i) = l i.

Theorem formula_logarithm : Exp formula = S + N.
Proof.
have [_ sum eigen] := spec.
rewrite -[formula]scale1r formula_flow -exp_series_log // scale1r exp_series_log1 // mulrDr mulr1.
have -> : \sum_i ex (1 * w i) *: E i = S.
  by rewrite [RHS](spectral_sum spec); apply: eq_bigr => i _; rewrite mul1r logs.
by rewrite SU.
Qed.

Theorem formula_eigenvalue x : eigenvalue formula x <-> exists2 i, w i = x & E i != 0.
Proof.
have [inj sum eigen] := spec.
have spec_log : spectral (\sum_i w i *: E i) w E.
  split=> // [i j eq|i]; last exact: sum_eigen.
  by apply: inj; rewrite -!logs eq.
rewrite /formula addrC; apply: (jordan_eigenvalue spec_log _ (log_series_nilpotent nilp)).
by rewrite comm_log.
Qed.

End Formula.

(* From the identities over F to the logarithm over L. *)
Section Checked.

Variables (F L : fieldType) (iota : {rmorphism F -> L}) (n : nat) (I : finType).
Variables (S N U R : 'M[F]_n.+1) (f g : I -> {poly F}) (H : I -> nat -> 'M[F]_n.+1) (roots : I -> seq L) (e : nat).
Variables (s t : I -> nat -> F) (Exp : 'M[L]_n.+1 -> 'M[L]_n.+1) (ex log : L -> L).
Local Notation embed := (map_mx iota).

Theorem checked_formula :
  [char L] =i pred0 -> exponential Exp ex ->
  checked iota S f g H roots s t -> (\prod_i f i).[0] != 0 ->
  S * N = N * S -> S * U = N -> U ^+ e.+1 = 0 -> R = log_series e U ->
  (forall i z, z \in roots i -> ex (log z) = z) ->
  Exp (embed R + \sum_i \sum_(z <- roots i) log z *: projector iota f g H i z) = embed (S + N).
Proof.
move=> char0 exp /checked_certificate valid f0 comm SU nilp -> logs.
have spec := certificate_spectral valid.
have in_roots (x : place roots) : root_at x \in roots (tag x) by apply: mem_nth.
have l0 (x : place roots) : root_at x != 0.
  have : root (map_poly iota (\prod_i f i)) (root_at x).
    rewrite rmorph_prod (bigD1 (tag x)) //= rootM (certificate_split valid).
    by rewrite root_prod_XsubC in_roots.
  by apply: contraTneq => ->; rewrite -(rmorph0 iota) /root horner_map fmorph_eq0.
rewrite (places _ _ (fun i z => log z *: projector iota f g H i z)) map_mxD.
have -> : embed (log_series e U) = log_series e (embed U).
  rewrite /log_series rmorph_sum; apply: eq_bigr => k _.
  by rewrite /= map_mxZ fmorph_div rmorphX rmorphN1 rmorph_nat -rmorphX.
have eqs : [/\ embed S * embed N = embed N * embed S, embed S * embed U = embed N & embed U ^+ e.+1 = 0].
  by split; rewrite -?[_ * _]map_mxM ?mulmxE ?comm ?SU // -rmorphX nilp rmorph0.
case: eqs => comm' SU' nilp'.
apply: (formula_logarithm char0 exp spec l0 comm' SU' nilp') => x.
exact: logs (in_roots x).
Qed.

End Checked.
